-- The quiz of a round of signing: how many questions, and how many must be right. No quiz of its own where there is none.
ALTER TABLE attestation_round ADD COLUMN quiz_questions BIGINT;
ALTER TABLE attestation_round ADD COLUMN quiz_pass BIGINT;
