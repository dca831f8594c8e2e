-- Files that belong to a record. The files themselves are sealed, in the data folder. The details
-- (name, hash of the content, the key of the file) are sealed under the attachment's own key:
-- destroying that erases them all.
CREATE TABLE attachment (
    trust TEXT NOT NULL,
    id TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    details BYTEA NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (trust, id)
);
CREATE INDEX attachment_record ON attachment (trust, record_kind, record, added_at, id);
