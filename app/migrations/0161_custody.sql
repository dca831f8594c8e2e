-- The key under which a trust's log-ins lie, wrapped by the master key. No record's key opens what it sealed.
CREATE TABLE custody_key (
    trust TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    master TEXT NOT NULL,
    PRIMARY KEY (trust),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);

-- The log-in of an official account, and the token with which the program publishes on it: each sealed under the custody
-- key for its kind, account and version. 'coming' is a log-in that was made here and is not yet set on the platform.
CREATE TABLE credential (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('log-in', 'publishing')),
    version BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    coming BYTEA,
    lodged_at BIGINT NOT NULL,
    lodged_by TEXT,
    PRIMARY KEY (trust, id),
    UNIQUE (trust, case_id, kind),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id)
);

-- Each time that somebody saw a log-in: which version, how, and why, sealed under the key of the record
-- 'credential_view/ID'.
CREATE TABLE credential_view (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    version BIGINT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('shown', 'copied', 'set')),
    at BIGINT NOT NULL,
    reason BYTEA NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX credential_view_case ON credential_view (trust, case_id, version);
CREATE INDEX credential_view_person ON credential_view (trust, person);

-- What is to be done about a log-in: the case that says so, the account, and the drill that it is part of, if any.
CREATE TABLE credential_change (
    trust TEXT NOT NULL,
    case_id TEXT NOT NULL,
    account TEXT NOT NULL,
    drill TEXT,
    PRIMARY KEY (trust, case_id),
    FOREIGN KEY (trust, case_id) REFERENCES case_file (trust, id),
    FOREIGN KEY (trust, account) REFERENCES case_file (trust, id)
);
CREATE INDEX credential_change_account ON credential_change (trust, account);
CREATE INDEX credential_change_drill ON credential_change (trust, drill);
