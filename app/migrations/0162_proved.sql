-- When somebody last showed actively who they are in a session, and the person who is to show it again at a provider.
ALTER TABLE session ADD COLUMN proved_at BIGINT;
ALTER TABLE provider_trip ADD COLUMN again TEXT;
