-- Grain: one raw mail, put into its case.
update channels_rawmail
set status = %s, reason = %s, kind = %s, auth = %s, message_id = %s, related_case_id = %s,
    auth_detail = %s
where id = %s
