import { createFaultProxy, type RabbitMQBroker, startRabbitMQ } from '@slack-mcp/brokers';
import { type CampaignAdapter, contractDuplicateBound } from '@slack-mcp/campaign';

/** The adapter with which a campaign runs the RabbitMQ backend. */
export function createCampaignAdapter(): CampaignAdapter {
  return {
    name: 'rabbitmq',
    module: new URL('../src/index.ts', import.meta.url).href,
    async start({ brokerVersion }) {
      const broker = await startRabbitMQ({
        version: brokerVersion,
        // After a restart, RabbitMQ repeats the step from a delay queue to the queue of a group after this timeout. The
        // default, three minutes, exceeds the patience of a campaign.
        advanced: ['{rabbit, [{quorum_tick_interval, 500}, {dead_letter_worker_publisher_confirm_timeout, 5000}]}'],
      });
      const proxy = await createFaultProxy({ target: broker });
      return {
        broker,
        proxy,
        env: { RABBITMQ_URL: `amqp://127.0.0.1:${proxy.port}`, RABBITMQ_HEARTBEAT_MS: '2000' },
        // A quorum queue has each confirmed message on disk.
        lossWindowMs: 0,
        duplicateBound: contractDuplicateBound,
        async owed() {
          const reported = await reportedMessages(broker);
          return reported > REPORTED_IS_ENOUGH ? reported : countMessages(broker);
        },
        async dispose() {
          await proxy.close();
          await broker.dispose();
        },
      };
    },
  };
}

/** Above this number of messages, no campaign ends, and a number that is out of date is good enough. */
const REPORTED_IS_ENOUGH = 16;

/** The number of messages of all groups, as of the last statistics. */
async function reportedMessages({ management }: RabbitMQBroker): Promise<number> {
  const queues = (await management.request('GET', 'queues?disable_stats=true&enable_queue_totals=true')) as {
    readonly name: string;
    readonly messages?: number;
  }[];
  const owed = queues.filter(({ name }) => !name.endsWith('::dead-letters'));
  return owed.reduce((sum, { messages = 0 }) => sum + messages, 0);
}

/**
 * Asks the leader of each quorum queue. The statistics are too old: when they say 0, messages that were stored or nacked
 * since then may be waiting. Delay queues are counted twice, before and after the queues of groups, because messages
 * move between them in both directions.
 */
const COUNT = `
  Ask = fun(Q, Query) -> {ok, {_, N}, _} = ra:leader_query(amqqueue:get_pid(Q), Query), N end,
  Messages = fun(Q) ->
    % Since 4.3, a query must not be a function.
    try Ask(Q, fun rabbit_fifo:query_messages_total/1)
    catch error:function_clause -> Ask(Q, {rabbit_fifo, query_messages_total, []}) end
  end,
  Quorum = [{element(4, amqqueue:get_name(Q)), Q} || Q <- rabbit_amqqueue:list(), amqqueue:get_type(Q) =:= rabbit_quorum_queue],
  % A flush queue never holds messages, and RabbitMQ 4.0 may list one without a leader after its node was killed.
  Counted = [{Name, Q} || {Name, Q} <- Quorum, binary:match(Name, [<<"::dead-letters">>, <<":flush:">>]) =:= nomatch],
  {Delays, Groups} = lists:partition(fun({Name, _}) -> binary:match(Name, <<":delays:">>) =/= nomatch end, Counted),
  lists:sum([Messages(Q) || {_, Q} <- Delays ++ Groups ++ Delays])`;

async function countMessages(broker: RabbitMQBroker): Promise<number> {
  const count = Number(await broker.evaluate(COUNT));
  if (Number.isNaN(count)) throw new Error('RabbitMQ did not count its messages');
  return count;
}
