-- Work that waits in the queue, is under way, or was given up. Work that is done leaves no row.
CREATE TABLE job (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- What it does, in words without personal data.
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    -- The record under whose key the payload is sealed; none where it lies open.
    sealed_under TEXT,
    payload BYTEA NOT NULL,
    -- While a job with this key waits or runs, no second one is queued.
    once_key TEXT,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it may be claimed: the next attempt, or the end of the lease of one that is running.
    due_at BIGINT NOT NULL,
    -- The claim that is running it: only its holder may end it.
    lease TEXT,
    last_error TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE UNIQUE INDEX job_once ON job (trust, kind, once_key);
CREATE INDEX job_state ON job (trust, state, due_at, id);

-- Work that comes back: when its latest turn began. Whichever node moves the moment on queues the
-- turn's job.
CREATE TABLE recurring_work (
    trust TEXT NOT NULL,
    kind TEXT NOT NULL,
    turn_at BIGINT NOT NULL,
    PRIMARY KEY (trust, kind),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);

-- Which trust has work due, for all nodes to read: not keyed by trust. Every job that is not given
-- up has a row, written in the transaction that wrote the job.
CREATE TABLE due_work (
    trust TEXT NOT NULL,
    job TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (trust, job)
);
CREATE INDEX due_work_due ON due_work (due_at, trust, job);
