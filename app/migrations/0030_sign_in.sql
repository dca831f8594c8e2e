-- Links that work once: an invitation, a reset, a sign-in. Only the hash of the secret is kept.
CREATE TABLE sign_in_link (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'one-time')),
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, person) REFERENCES person (trust, id)
);
CREATE INDEX sign_in_link_person ON sign_in_link (trust, person, kind);

-- A session is renewed when the rights of its person change: 'rights' tells which it was opened
-- with. One that was renewed lives a little longer, for requests that are under way.
ALTER TABLE session ADD COLUMN rights TEXT;
ALTER TABLE session ADD COLUMN replaced_at BIGINT;
