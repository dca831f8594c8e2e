-- The keys that sign a log's checkpoints, the latest with the highest number. The seed is sealed;
-- the verifier is public.
CREATE TABLE ledger_key (
    trust TEXT NOT NULL,
    number BIGINT NOT NULL,
    verifier TEXT NOT NULL,
    seed BYTEA NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (trust, number)
);

-- Signed checkpoints, as they were given out.
CREATE TABLE ledger_checkpoint (
    trust TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    size BIGINT NOT NULL,
    signed_by BIGINT NOT NULL,
    at BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (trust, epoch, size, signed_by)
);

-- What was erased, to be written to the list that is kept outside the database and its backups.
CREATE TABLE ledger_erasure (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record TEXT NOT NULL,
    at BIGINT NOT NULL,
    listed BIGINT NOT NULL CHECK (listed IN (0, 1)),
    PRIMARY KEY (trust, id)
);
CREATE INDEX ledger_erasure_listed ON ledger_erasure (trust, listed);

-- How the log was last proved, for the audit page.
CREATE TABLE ledger_verification (
    trust TEXT NOT NULL,
    at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    proved_elsewhere BIGINT,
    fault TEXT,
    PRIMARY KEY (trust)
);

CREATE INDEX ledger_event_kind ON ledger_event (trust, kind, seq);
