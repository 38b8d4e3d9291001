-- case: json-path
SELECT id, response_body ->> '$.error.code' AS code, response_body ->> '$.items[0].id' AS i0, response_body ->> '$.missing' AS m, response_body ->> '$.z' AS z, response_body ->> '$.ok' AS ok FROM api_request_logs WHERE id < 'req_00060' ORDER BY id
-- case: json-cast
SELECT id, CAST(response_body ->> '$.error.n' AS INTEGER) AS n FROM api_request_logs WHERE id < 'req_00060' ORDER BY id
-- case: json-group
SELECT json_extract_string(response_body, '$.error.code') AS code, sum(CAST(json_extract_string(response_body, '$.items[0].amt') AS BIGINT)) AS s FROM api_request_logs WHERE response_body IS NOT NULL GROUP BY 1 ORDER BY 1
-- case: json-key
SELECT id, response_body ->> 'ok' AS ok FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: json-nested-text
SELECT id, response_body ->> '$.deep.a.b' AS b FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: json-object-as-text
SELECT id, response_body ->> '$.error' AS o FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: json-array-length
SELECT id, json_array_length(response_body, '$.items') AS n FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
