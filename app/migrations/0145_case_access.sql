-- What lists are filtered and ordered by stands beside who sees a case, so that a list reads no more than it shows.
-- 'due_at' is far beyond every day where no deadline runs.
ALTER TABLE case_access ADD COLUMN register TEXT NOT NULL DEFAULT '';
ALTER TABLE case_access ADD COLUMN closed BIGINT NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
ALTER TABLE case_access ADD COLUMN due_at BIGINT NOT NULL DEFAULT 9223372036854775807;

UPDATE case_access SET
    register = (SELECT c.register FROM case_file c WHERE c.trust = case_access.trust AND c.id = case_access.case_id),
    closed = (SELECT CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END FROM case_file c
        WHERE c.trust = case_access.trust AND c.id = case_access.case_id),
    due_at = COALESCE((SELECT MIN(d.due_at) FROM case_deadline d
        WHERE d.trust = case_access.trust AND d.case_id = case_access.case_id AND d.ended_at IS NULL),
        9223372036854775807);

DROP INDEX case_access_waits;
CREATE INDEX case_access_waits ON case_access (trust, audience, waits, due_at, case_id);
CREATE INDEX case_access_closed ON case_access (trust, audience, closed, case_id);
