-- Grain: none. Waits until no other transaction files mail; held until this one ends.
select pg_advisory_xact_lock(%s)
