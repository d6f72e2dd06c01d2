-- Which messages a memory comes from: it goes with the last of them. Ids of conversations and messages are MongoDB's.

CREATE TABLE memory_sources (
    company_id      uuid NOT NULL,
    memory_id       uuid NOT NULL,
    message_id      uuid NOT NULL,
    conversation_id uuid NOT NULL,
    PRIMARY KEY (company_id, memory_id, message_id),
    FOREIGN KEY (company_id, memory_id) REFERENCES memories ON DELETE CASCADE
);
CREATE INDEX memory_sources_of_message ON memory_sources (company_id, message_id);
CREATE INDEX memory_sources_of_conversation ON memory_sources (company_id, conversation_id);

ALTER TABLE memory_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE memory_sources FORCE ROW LEVEL SECURITY;
CREATE POLICY memory_sources_of_company ON memory_sources
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
