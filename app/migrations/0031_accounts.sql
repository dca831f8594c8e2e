-- How somebody signs in: a name of their own where they have no e-mail address, a password, a code
-- issued by the school, a second factor. 'factor' is sealed under the key of the person.
CREATE TABLE sign_in_account (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    username TEXT,
    password_hash TEXT,
    password_at BIGINT,
    code_hash TEXT,
    code_expires_at BIGINT,
    factor BYTEA,
    factor_confirmed_at BIGINT,
    factor_step BIGINT NOT NULL,
    PRIMARY KEY (trust, person),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE UNIQUE INDEX sign_in_account_username ON sign_in_account (trust, username);

CREATE TABLE recovery_code (
    trust TEXT NOT NULL,
    person TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (trust, person, hash),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);

-- Browsers in which somebody signed in before: tries from elsewhere do not lock them out.
CREATE TABLE known_browser (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX known_browser_person ON known_browser (trust, person, seen_at);

-- Somebody proved the first factor; the second is still missing.
CREATE TABLE half_sign_in (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    method TEXT NOT NULL,
    next TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX half_sign_in_person ON half_sign_in (trust, person);

-- Tries to sign in, counted by account, by address, by both and by known browser. The subject is
-- a keyed hash: neither names nor addresses stand here.
CREATE TABLE sign_in_try (
    trust TEXT NOT NULL,
    subject TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    PRIMARY KEY (trust, subject),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
CREATE INDEX sign_in_try_last ON sign_in_try (trust, last_at);

CREATE TABLE sign_in_setting (
    trust TEXT NOT NULL,
    shortest_password BIGINT NOT NULL CHECK (shortest_password BETWEEN 10 AND 64),
    PRIMARY KEY (trust),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);
