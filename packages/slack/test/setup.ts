import '@slack-mcp/test-support/leak-setup';
