"""The other side of the interop test: runs the commands of standard input with the Python package, one per line."""

import asyncio
import json
import sys
from datetime import datetime

from mcp.shared.experimental.tasks.message_queue import QueuedMessage
from mcp.types import JSONRPCNotification, JSONRPCRequest
from rabbitmq_mcp_task_queue import RabbitMQTaskMessageQueue

KINDS = {"request": JSONRPCRequest, "notification": JSONRPCNotification}


def described(message):
    if message is None:
        return None
    dump = message.message.model_dump(exclude_none=True)
    return {
        "type": message.type,
        "message": dump,
        "timestamp": round(message.timestamp.timestamp() * 1000),
        "original_request_id": message.original_request_id,
    }


async def run(queue, name, task, given):
    if name == "enqueue":
        message = QueuedMessage(
            type=given["type"],
            message=KINDS[given["type"]].model_validate(given["message"]),
            timestamp=datetime.fromisoformat(given["timestamp"]),
            original_request_id=given["original_request_id"],
        )
        return await queue.enqueue(task, message)
    if name == "is_empty":
        return await queue.is_empty(task)
    if name == "clear":
        return [described(message) for message in await queue.clear(task)]
    return described(await getattr(queue, name)(task))


async def main():
    queue = RabbitMQTaskMessageQueue(sys.argv[1])
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(await run(queue, *json.loads(line))), flush=True)
    queue.close()


asyncio.run(main())
