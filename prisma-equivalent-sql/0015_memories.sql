-- Where a memory comes from, how long it is kept, and who shared it with the company.

ALTER TABLE memories
    ADD COLUMN source     text NOT NULL DEFAULT 'user_said'
                          CHECK (source IN ('user_said', 'agent_inferred', 'imported', 'untrusted')),
    ADD COLUMN pinned     boolean NOT NULL DEFAULT false,
    ADD COLUMN expires_at timestamptz(3),
    ADD COLUMN created_by uuid,
    ADD COLUMN version    integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now(),
    -- What somebody shared stays the company's when they leave.
    ADD FOREIGN KEY (company_id, created_by) REFERENCES memberships ON DELETE SET NULL (created_by);
CREATE INDEX memories_created_by ON memories (company_id, created_by) WHERE created_by IS NOT NULL;
