"""Enqueues or dequeues messages with the Python package, one after the other. Prints messages per second."""

import asyncio
import json
import sys
from time import perf_counter

from mcp.shared.experimental.tasks.message_queue import QueuedMessage
from mcp.types import JSONRPCRequest
from rabbitmq_mcp_task_queue import RabbitMQTaskMessageQueue


async def measure(queue, action, tasks, count, request):
    messages = [
        QueuedMessage(type="request", message=JSONRPCRequest.model_validate(request), original_request_id=number)
        for number in range(count)
    ]
    begin = perf_counter()
    for number in range(count):
        task = tasks[number % len(tasks)]
        if action == "enqueue":
            await queue.enqueue(task, messages[number])
        elif await queue.dequeue(task) is None:
            raise RuntimeError("the queue is empty")
    return count / (perf_counter() - begin)


async def main():
    queue = RabbitMQTaskMessageQueue(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(await measure(queue, **json.loads(line))), flush=True)
    queue.close()


asyncio.run(main())
