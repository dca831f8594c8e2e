-- The nodes that serve this database, and when each last said that it lives: not keyed by trust.
CREATE TABLE node (
    node TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (node)
);
CREATE INDEX node_seen ON node (seen_at);
