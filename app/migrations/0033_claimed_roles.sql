-- A provider that stands in the settings has a row only so that other rows can name it.
ALTER TABLE provider ADD COLUMN in_settings BIGINT NOT NULL DEFAULT 0 CHECK (in_settings IN (0, 1));

-- Which role somebody gets of whom a provider claims something. 'school' is none for the whole
-- trust; a school that is no more has no role to give. 'made_by' wrote it down, and gets none by it.
CREATE TABLE provider_role (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    provider TEXT NOT NULL,
    claim TEXT NOT NULL,
    value TEXT NOT NULL,
    role TEXT NOT NULL,
    school TEXT,
    made_by TEXT,
    PRIMARY KEY (trust, id),
    FOREIGN KEY (trust, provider) REFERENCES provider (trust, id)
);
CREATE INDEX provider_role_provider ON provider_role (trust, provider);

-- Roles that came from a provider. A mark, not a record: whatever else takes such a role away need
-- not know of it.
CREATE TABLE claimed_role (
    trust TEXT NOT NULL,
    role TEXT NOT NULL,
    provider TEXT NOT NULL,
    PRIMARY KEY (trust, role),
    FOREIGN KEY (trust, provider) REFERENCES provider (trust, id)
);
CREATE INDEX claimed_role_provider ON claimed_role (trust, provider);
