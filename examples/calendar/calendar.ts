import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

// A calendar of one room, in memory: enough to try a tools file against, and no more.

interface Booking {
  readonly number: number;
  readonly day: string;
  readonly time: string;
  readonly name: string;
}

const opening = ['09:00', '09:30', '10:00', '10:30', '11:00', '14:00', '14:30', '15:00', '15:30'];

/** A request with a name and a time is a few hundred bytes. */
const bodyBytesMax = 10_000;

/** Far more than anybody books while trying it. */
const bookingsMax = 1_000;

/** Makes the calendar. `tell` gets a line for each request. */
export function createCalendar(tell: (line: string) => void): Server {
  const bookings: Booking[] = [];
  const byKey = new Map<string, Booking>();
  return createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      tell(`${request.method} ${request.url} → ${status} ${JSON.stringify(body)}`);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const [, day = '', what = ''] = /^\/days\/(\d{4}-\d{2}-\d{2})\/(free|bookings)$/.exec(request.url ?? '') ?? [];
    if (day === '') answer(404, { error: 'there is no such page' });
    else if (isSunday(day)) answer(422, { error: 'closed on Sundays' });
    else if (request.method === 'GET' && what === 'free') {
      const taken = new Set(bookings.filter((booking) => booking.day === day).map(({ time }) => time));
      answer(200, { day, free: opening.filter((time) => !taken.has(time)).map((time) => ({ time })) });
    } else if (request.method === 'POST' && what === 'bookings') {
      readBody(request, response, (body) => {
        const key = String(request.headers['idempotency-key'] ?? '');
        // The same wish once more is answered as it was the first time.
        const known = byKey.get(key);
        if (known !== undefined) return answer(200, known);
        const { time, name } = { time: '', name: '', ...body };
        const isFree = opening.includes(time) && !bookings.some((one) => one.day === day && one.time === time);
        if (!isFree || name === '' || bookings.length >= bookingsMax)
          return answer(409, { error: 'that time is not free' });
        const booking = { number: bookings.length + 1, day, time, name };
        bookings.push(booking);
        if (key !== '') byKey.set(key, booking);
        return answer(201, booking);
      });
    } else answer(405, { error: 'there is no such method' });
  });
}

function isSunday(day: string): boolean {
  return new Date(`${day}T12:00:00Z`).getUTCDay() === 0;
}

function readBody(request: IncomingMessage, response: ServerResponse, done: (body: object) => void): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => {
    text += part;
    if (text.length > bodyBytesMax) request.destroy();
  });
  request.on('end', () => {
    try {
      done(Object(JSON.parse(text)));
    } catch {
      response.writeHead(400).end();
    }
  });
}
