"""A bridge between Twilio and Gemini Live that is Pipecat's, and no code of Parley's.

Argument: the address of the model's service; the key stands in GEMINI_API_KEY. Prints the port on which it listens.
"""

import os
import socket
import sys

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket
from google.genai.types import HttpOptions
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.google.gemini_live.llm import GeminiLiveLLMService
from pipecat.services.llm_service import FunctionCallParams
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

app = FastAPI()


@app.post("/voice")
async def voice(request: Request) -> Response:
    stream = f"wss://{request.headers['host']}/media"
    twiml = (
        "<Response><Say>Please wait while we connect you.</Say>"
        f'<Connect><Stream url="{stream}" /></Connect></Response>'
    )
    return Response(twiml, media_type="text/xml")


async def look_up(params: FunctionCallParams, query: str):
    """Looks an order up. Use it whenever the caller names a number.

    Args:
        query: What to look for.
    """
    await params.result_callback({"result": "Shipped on Monday."})


@app.websocket("/media")
async def media(websocket: WebSocket):
    await websocket.accept()
    _, call = await parse_telephony_websocket(websocket)
    serializer = TwilioFrameSerializer(
        stream_sid=call.stream_id, params=TwilioFrameSerializer.InputParams(auto_hang_up=False)
    )
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=serializer),
    )
    llm = GeminiLiveLLMService(
        api_key=os.environ["GEMINI_API_KEY"],
        system_instruction="You answer the order desk.",
        tools=[look_up],
        http_options=HttpOptions(base_url=sys.argv[1]),
    )
    context = LLMContext([{"role": "user", "content": "Greet the caller."}])
    aggregators = LLMContextAggregatorPair(context)
    pipeline = Pipeline([transport.input(), aggregators.user(), llm, transport.output(), aggregators.assistant()])
    params = PipelineParams(audio_in_sample_rate=16_000, audio_out_sample_rate=24_000)
    worker = PipelineWorker(pipeline, params=params)

    @transport.event_handler("on_client_connected")
    async def connected(_transport, _client):
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def disconnected(_transport, _client):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
