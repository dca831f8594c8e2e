-- Whom a case is about stands beside who sees it, and the indexes hold all that a count or an unfiltered list reads:
-- neither touches the cases themselves any more.
ALTER TABLE case_access ADD COLUMN about TEXT NOT NULL DEFAULT '';

UPDATE case_access SET
    about = COALESCE((SELECT c.subject FROM case_file c WHERE c.trust = case_access.trust AND c.id = case_access.case_id), '');

DROP INDEX case_access_waits;
DROP INDEX case_access_closed;
CREATE INDEX case_access_waits ON case_access (trust, audience, waits, due_at, case_id, about, register, outline);
CREATE INDEX case_access_closed ON case_access (trust, audience, closed, case_id, about, register, outline, due_at);
