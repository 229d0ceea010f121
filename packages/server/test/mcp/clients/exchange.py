"""Asks a server the same over each transport with the official Python client, of whichever line is installed.

Reads the ways to ask from standard input and writes what was seen, both as JSON."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import mcp
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client


def transport_of(way):
    if way["transport"] == "stdio":
        return stdio_client(StdioServerParameters(**way["process"]))
    if way["transport"] == "SSE":
        return sse_client(way["url"] + "/mcp/sse")
    return streamable_http_client(way["url"] + "/mcp")


@asynccontextmanager
async def connect_older(way):
    async with transport_of(way) as (read, write, *_), mcp.ClientSession(read, write) as session:
        revision = (await session.initialize()).protocolVersion
        yield session, revision


@asynccontextmanager
async def connect_newer(way):
    async with mcp.Client(transport_of(way), mode=way["mode"]) as client:
        yield client, client.protocol_version


def plain(result):
    return result.model_dump(mode="json", by_alias=True)


async def exchange(way):
    connect = connect_newer if hasattr(mcp, "Client") else connect_older
    async with connect(way) as (client, revision):
        tools = plain(await client.list_tools())["tools"]
        call = plain(await client.call_tool("slack_read_channel_messages", {"channel": "general"}))
        resource = plain(await client.read_resource("slack://emojis"))
        prompt = plain(await client.get_prompt("slack_read_channel_messages_usage", {"channel": "general"}))
        return {
            "revision": revision,
            "tools": [tool["name"] for tool in tools],
            "texts": [message["text"] for message in call["structuredContent"]["messages"]],
            "resource": json.loads(resource["contents"][0]["text"]),
            "prompt": prompt["messages"][0]["content"]["text"],
        }


async def main():
    print(json.dumps([await exchange(way) for way in json.load(sys.stdin)]))


asyncio.run(main())
