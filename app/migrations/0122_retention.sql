-- Closed cases whose time to be kept is over, as the daily run found them. Nothing is erased by this: a person confirms.
CREATE TABLE retention_proposal (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    -- The last day of the time.
    due_on TEXT NOT NULL,
    -- Whether the register wants it looked at again rather than erased.
    review BIGINT NOT NULL CHECK (review IN (0, 1)),
    -- Whether its register is sensitive: such are for the data protection officer alone.
    sensitive BIGINT NOT NULL CHECK (sensitive IN (0, 1)),
    -- How the period was worked out, in words; and what is not sure about it.
    says TEXT NOT NULL,
    doubt TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    PRIMARY KEY (trust, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX retention_proposal_due ON retention_proposal (trust, due_on, case_id);

-- Cases that are held back from being erased until the hold is lifted. The reason names nobody.
CREATE TABLE retention_hold (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    held_at BIGINT NOT NULL,
    held_by TEXT,
    lifted_at BIGINT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);
CREATE INDEX retention_hold_case ON retention_hold (trust, case_id);

CREATE INDEX case_file_closed ON case_file (trust, closed_at);

-- The page that a message is about, such as '/cases/ID', so that it goes with the record.
ALTER TABLE message ADD COLUMN about TEXT;
CREATE INDEX message_about ON message (trust, about);
