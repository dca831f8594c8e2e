-- Providers of sign-in by OpenID Connect. The client's secret is sealed under the provider's key.
CREATE TABLE provider (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret BYTEA NOT NULL,
    trusts_email BIGINT NOT NULL CHECK (trusts_email IN (0, 1)),
    private_network BIGINT NOT NULL CHECK (private_network IN (0, 1)),
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust) REFERENCES trust (trust)
);

-- Who somebody is at a provider, known by its own lasting name for them.
CREATE TABLE provider_account (
    trust TEXT NOT NULL,
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (trust, provider, subject),
    FOREIGN KEY (trust, provider) REFERENCES provider (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX provider_account_person ON provider_account (trust, person);

-- Somebody was sent to a provider and has not come back yet.
CREATE TABLE provider_trip (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    provider TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    next TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, provider) REFERENCES provider (trust, id)
);
CREATE INDEX provider_trip_provider ON provider_trip (trust, provider, expires_at);
