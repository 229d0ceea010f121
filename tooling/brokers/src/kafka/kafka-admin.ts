import { type Admin, Kafka, logLevel } from 'kafkajs';
import { waitFor } from '../wait-for.ts';

/** Runs a task with its own admin connection, which does not retry. */
export async function withKafkaAdmin<T>(ports: readonly number[], task: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    clientId: 'slack-mcp-brokers',
    logLevel: logLevel.NOTHING,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return await task(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Deletes all topics and all groups without members. */
export async function wipeKafka(admin: Admin): Promise<void> {
  // The broker answers a deletion before its metadata shows it.
  await waitFor('the topics to be gone', async () => {
    const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
    if (topics.length > 0) await admin.deleteTopics({ topics }).catch(() => undefined);
    return topics.length === 0;
  });
  const { groups } = await admin.listGroups();
  const described = await admin.describeGroups(groups.map(({ groupId }) => groupId));
  const empty = described.groups.filter(({ state }) => state === 'Empty' || state === 'Dead');
  if (empty.length > 0) await admin.deleteGroups(empty.map(({ groupId }) => groupId));
}
