-- One text for SQLite and PostgreSQL. Every key begins with the trust, so that a distributed
-- PostgreSQL can spread the trusts. Text ids; dates as YYYY-MM-DD; moments as milliseconds since
-- 1970 (UTC); yes and no as 1 and 0.

CREATE TABLE trust (
    trust TEXT NOT NULL,
    name TEXT NOT NULL,
    host TEXT,
    nation TEXT NOT NULL,
    reading TEXT NOT NULL CHECK (reading IN ('open', 'signed-in')),
    demonstration BIGINT NOT NULL CHECK (demonstration IN (0, 1)),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (trust)
);

CREATE TABLE school (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    urn TEXT,
    dfe_number TEXT,
    phase TEXT NOT NULL,
    nation TEXT NOT NULL,
    closed_on TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE UNIQUE INDEX school_urn ON school (trust, urn);

CREATE TABLE person (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    known_as TEXT,
    email TEXT,
    line_manager TEXT,
    starts_on TEXT,
    ends_on TEXT,
    demonstration BIGINT NOT NULL CHECK (demonstration IN (0, 1)),
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust),
    FOREIGN KEY (trust, line_manager) REFERENCES person (trust, id)
);
-- E-mail addresses are kept in lower case.
CREATE UNIQUE INDEX person_email ON person (trust, email);
CREATE INDEX person_line_manager ON person (trust, line_manager);
CREATE INDEX person_name ON person (trust, family_name, given_name, id);

-- A role that somebody holds: at a school, or at the whole trust where no school is named.
CREATE TABLE held_role (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    school TEXT,
    starts_on TEXT,
    ends_on TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX held_role_person ON held_role (trust, person);
CREATE INDEX held_role_school ON held_role (trust, school, role);

-- While somebody is away, another person holds their roles at that school.
CREATE TABLE delegation (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    delegate TEXT NOT NULL,
    school TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id),
    FOREIGN KEY (trust, delegate) REFERENCES person (trust, id),
    FOREIGN KEY (trust, school) REFERENCES school (trust, id)
);
CREATE INDEX delegation_person ON delegation (trust, person);
CREATE INDEX delegation_delegate ON delegation (trust, delegate);
CREATE INDEX delegation_school ON delegation (trust, school);

-- The key under which everything sensitive of one record is sealed, itself wrapped by the master
-- key. Destroying the row erases the record's sealed content wherever a copy of it lies.
CREATE TABLE record_key (
    trust TEXT NOT NULL,
    record TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    master TEXT NOT NULL,
    PRIMARY KEY (trust, record)
);
CREATE INDEX record_key_master ON record_key (trust, master);

CREATE TABLE session (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    method TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX session_person ON session (trust, person);

-- The ledger. The content of an event is sealed under the key of the record it is about; the leaf
-- commits to it with the salt. Erased content leaves the commitment.
CREATE TABLE ledger_event (
    trust TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record TEXT NOT NULL,
    person TEXT,
    salt BYTEA,
    content BYTEA,
    leaf BYTEA NOT NULL,
    PRIMARY KEY (trust, seq)
);
CREATE INDEX ledger_event_record ON ledger_event (trust, record_kind, record, seq);
CREATE INDEX ledger_event_person ON ledger_event (trust, person, seq);
CREATE INDEX ledger_event_at ON ledger_event (trust, at);

CREATE TABLE ledger_head (
    trust TEXT NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    PRIMARY KEY (trust)
);

-- What the whole installation keeps, whichever trusts it serves: not keyed by trust.
CREATE TABLE installation (
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (name)
);
