import { Component, type ComponentChild, h } from 'preact';
import type { Board, BoardChange } from '../../src/console/live/board.ts';
import { followEvents } from '../shared/events.ts';
import { loadingNote, problemNote, showPage } from '../shared/notices.ts';
import { changedBoard } from './board-state.ts';
import { CallPanel } from './call-panel.ts';
import { callsTable, endedList } from './calls-table.ts';
import { summaryView } from './summary.ts';

interface PageState {
  readonly board: Board | null;
  /** How far the clock of the service is ahead of the viewer's. */
  readonly aheadMs: number;
  readonly isLost: boolean;
  /** The call that is opened. */
  readonly callSid: string | null;
  readonly nowMs: number;
}

/** The calls of now, or one of them opened. Which one stands in the address behind `#`. */
class BoardPage extends Component<object, PageState> {
  override state: PageState = { board: null, aheadMs: 0, isLost: false, callSid: opened(), nowMs: Date.now() };

  override componentDidMount(): void {
    followEvents('/api/board/events', {
      on: {
        all: (board: Board) => this.setState({ board, aheadMs: board.nowMs - Date.now(), isLost: false }),
        change: (change: BoardChange) =>
          this.setState(({ board }) => (board === null ? null : { board: changedBoard(board, change) })),
      },
      onState: (state) => this.setState({ isLost: state === 'lost' }),
    });
    window.addEventListener('hashchange', () => this.setState({ callSid: opened() }));
    window.setInterval(() => this.setState({ nowMs: Date.now() }), 1_000);
  }

  override render(): ComponentChild {
    const { board, aheadMs, isLost, callSid } = this.state;
    const nowMs = this.state.nowMs + aheadMs;
    if (callSid !== null) {
      const process = board?.calls.find((call) => call.callSid === callSid)?.process ?? null;
      return h(CallPanel, { key: callSid, callSid, process, nowMs });
    }
    return h('div', {}, [
      h('h1', {}, 'Calls now'),
      isLost ? problemNote('Parley does not answer. Does it still run? Trying again …') : null,
      board === null
        ? isLost
          ? null
          : loadingNote('Loading the calls')
        : h('div', {}, [summaryView(board.summary), callsTable(board.calls, nowMs), endedList(board.ended)]),
    ]);
  }
}

function opened(): string | null {
  const callSid = location.hash.slice(1);
  return callSid === '' || callSid === 'page' ? null : callSid;
}

showPage(h(BoardPage, {}));
