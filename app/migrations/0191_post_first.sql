-- When a post was first asked for under its present key, in milliseconds since 1970: what may be out is sent again under that
-- key alone.
ALTER TABLE post_sending ADD COLUMN first_at BIGINT;
