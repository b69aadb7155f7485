"""Holds a talk with a model through google-genai, and prints what it met as one JSON object.

Arguments: the address of the service, and a file of speech: PCM16, 16 kHz, mono. The key stands in GEMINI_API_KEY.
"""

import asyncio
import json
import sys
from pathlib import Path

from google import genai
from google.genai import types

FRAME_BYTES = 640
TALK_SECONDS_MAX = 120
MODEL = "gemini-3.8-live"


def look_up(query: str, limit: int = 3) -> str:
    """Looks an order up. Use it whenever the caller names a number.

    Args:
      query: what to look for
      limit: how many to find
    """


TRANSFER = types.FunctionDeclaration(
    name="transfer",
    description="Connects the caller with a person.",
    behavior="BLOCKING",
    parameters=types.Schema(
        type="OBJECT",
        properties={
            "to": types.Schema(type="STRING", enum=["support", "sales"], default="support"),
            "notes": types.Schema(type="ARRAY", items=types.Schema(type="STRING"), max_items=3, nullable=True),
        },
        required=["to"],
    ),
)


def config_with(**more) -> types.LiveConnectConfig:
    return types.LiveConnectConfig(
        response_modalities=["AUDIO"],
        system_instruction="You answer the order desk.",
        speech_config={"voice_config": {"prebuilt_voice_config": {"voice_name": "Kore"}}},
        temperature=0.7,
        max_output_tokens=4096,
        tools=[look_up, types.Tool(function_declarations=[TRANSFER]), {"google_search": {}}],
        input_audio_transcription={},
        output_audio_transcription={},
        context_window_compression={"trigger_tokens": 12_000, "sliding_window": {"target_tokens": 6_000}},
        **more,
    )


class Talk:
    """One session: what came of it, and the microphone, which sends silence where nobody speaks."""

    def __init__(self, session):
        self.session = session
        self.messages: list[types.LiveServerMessage] = []
        self.sound = b""
        self._changed = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._receive())]

    def open_microphone(self):
        self._tasks.append(asyncio.create_task(self._send_audio()))

    def close(self):
        for task in self._tasks:
            task.cancel()

    async def _receive(self):
        while True:
            async for message in self.session.receive():
                async with self._changed:
                    self.messages.append(message)
                    self._changed.notify_all()

    async def _send_audio(self):
        while True:
            frame, self.sound = self.sound[:FRAME_BYTES], self.sound[FRAME_BYTES:]
            await self.send_audio(frame.ljust(FRAME_BYTES, b"\0"))
            await asyncio.sleep(0.02)

    async def send_audio(self, pcm: bytes):
        await self.session.send_realtime_input(audio=types.Blob(data=pcm, mime_type="audio/pcm;rate=16000"))

    async def until(self, matches, after=0):
        """The first message that matches, of those after so many."""
        async with self._changed:
            while (found := next(filter(matches, self.messages[after:]), None)) is None:
                await self._changed.wait()
        return found

    async def turn_over(self):
        await self.until(lambda message: message.server_content and message.server_content.turn_complete)

    def text(self, kind):
        contents = [message.server_content for message in self.messages if message.server_content]
        pieces = [getattr(content, kind) for content in contents if getattr(content, kind)]
        return "".join(piece.text or "" for piece in pieces)

    def audio_seconds(self):
        return sum(len(message.data or b"") for message in self.messages) / 48_000


def client_text(text: str) -> types.Content:
    return types.Content(role="user", parts=[types.Part(text=text)])


async def hold_talk(client, speech):
    """Greeting, tool, interruption, and the way to a second session when the first announces its end."""
    met = {}
    async with client.aio.live.connect(model=MODEL, config=config_with(session_resumption={})) as session:
        talk = Talk(session)
        met["setup"] = session.setup_complete is not None
        await session.send_client_content(turns=client_text("Greet the caller."), turn_complete=True)
        await talk.turn_over()
        met["greeting"] = talk.text("output_transcription")
        met["greeting_seconds"] = round(talk.audio_seconds(), 1)

        talk.open_microphone()
        talk.sound = speech
        request = await talk.until(lambda message: message.tool_call)
        call = request.tool_call.function_calls[0]
        met["called"] = {"name": call.name, "args": call.args, "has_id": call.id is not None}
        answer = types.FunctionResponse(id=call.id, name=call.name, response={"result": "Shipped on Monday."})
        await session.send_tool_response(function_responses=answer)
        before = len(talk.messages)
        await talk.until(lambda message: message.data is not None, after=before)
        talk.sound = speech
        await talk.until(lambda message: message.server_content and message.server_content.interrupted)
        met["interrupted"] = True

        leave = await talk.until(lambda message: message.go_away)
        met["go_away"] = leave.go_away.time_left
        updates = [message.session_resumption_update for message in talk.messages]
        handle = [update.new_handle for update in updates if update and update.resumable][-1]
        met["heard"] = talk.text("input_transcription")
        met["usage"] = any(message.usage_metadata for message in talk.messages)
        talk.close()

    async with client.aio.live.connect(
        model=MODEL, config=config_with(session_resumption={"handle": handle})
    ) as session:
        talk = Talk(session)
        await session.send_realtime_input(text="Go on, please.")
        await talk.turn_over()
        met["resumed"] = talk.text("output_transcription")
        talk.close()
    return met


async def mark_turn(client, speech):
    """A turn whose start and end the client marks itself."""
    detection = {"automatic_activity_detection": {"disabled": True}}
    async with client.aio.live.connect(model=MODEL, config=config_with(realtime_input_config=detection)) as session:
        talk = Talk(session)
        await session.send_realtime_input(activity_start=types.ActivityStart())
        for at in range(0, len(speech), FRAME_BYTES):
            await talk.send_audio(speech[at : at + FRAME_BYTES])
        await session.send_realtime_input(activity_end=types.ActivityEnd())
        await talk.turn_over()
        talk.close()
        return talk.text("output_transcription")


async def refusal_of(client, **more):
    """Code and text of a refused connection. The SDK tells them of a close after its setup, and of no other."""
    try:
        async with client.aio.live.connect(model=MODEL, config=config_with(**more)):
            return None
    except genai.errors.APIError as error:
        return {"code": error.code, "text": error.details}


async def main(base_url, speech_path):
    client = genai.Client(http_options={"base_url": base_url})
    stranger = genai.Client(http_options={"base_url": base_url}, api_key="wrong")
    speech = Path(speech_path).read_bytes()
    async with asyncio.timeout(TALK_SECONDS_MAX):
        met = await hold_talk(client, speech)
        met["marked"] = await mark_turn(client, speech)
        met["refused"] = [
            await refusal_of(client, thinking_config={"thinking_budget": 100}),
            await refusal_of(stranger),
        ]
    print(json.dumps(met))


asyncio.run(main(*sys.argv[1:]))
