-- On what terms a member of staff works (permanent, supply, volunteer ...); none where nobody said.
ALTER TABLE person ADD COLUMN contract TEXT;
