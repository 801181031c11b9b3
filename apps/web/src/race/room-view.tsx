import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { announce } from '../app/announcer';
import { Choices } from '../app/choices';
import { type Failure } from '../app/failure';
import { ResultView } from '../results/result-view';
import { explainUnranked } from '../results/unranked-reasons';
import { TypingField } from '../typing/typing-field';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { recordSentence } from './record-sentence';
import { describeGame, withMode } from './room-choice';

interface RoomProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
}

export function RoomView({ room, view }: RoomProps) {
  const [, navigate] = useLocation();
  const leave = () => void room.leave().then(() => navigate('/race'));
  return (
    <section className="room">
      <h1>
        Room <span data-testid="room-code">{view.room?.code}</span>
      </h1>
      {view.notice !== undefined && (
        <p className="error" role="alert">
          {view.notice}
        </p>
      )}
      {view.raceResult ? (
        <Standings room={room} view={view} />
      ) : view.round ? (
        <Track room={room} view={view} />
      ) : (
        <Lobby room={room} view={view} />
      )}
      <button className="button quiet" onClick={leave}>
        Leave the room
      </button>
    </section>
  );
}

function Lobby({ room, view }: RoomProps) {
  const [failure, setFailure] = useState<Failure>();
  if (!view.room) return null;
  const { settings, players, hostId } = view.room;
  const me = room.session.playerId;
  const isHost = hostId === me;
  const isReady = players.some(({ playerId, isReady: ready }) => playerId === me && ready);
  const send = async (...request: Parameters<RaceRoom['request']>) =>
    setFailure(await room.request(...request));
  return (
    <>
      <p>
        {describeGame(settings.game)}. Invite others: {location.origin}/race/{view.room.code}
      </p>
      {isHost && (
        <Choices
          legend="Mode"
          values={['type-race', 'wave-rush'] as const}
          chosen={settings.game.mode}
          nameOf={(mode) => mode.replace('-', ' ')}
          onChoose={(mode) => void send('configure', { settings: withMode(settings, mode) })}
        />
      )}
      <ul className="players" aria-label="Players">
        {players.map((player) => (
          <li key={player.playerId}>
            <bdi>{player.name}</bdi>
            {player.isBot && ' (bot)'}
            {player.playerId === hostId && ' (host)'}
            {player.isReady && ' ready'}
            {!player.isConnected && ' connection lost'}
          </li>
        ))}
      </ul>
      {failure && (
        <p className="error" role="alert">
          {failure.message}
        </p>
      )}
      <div className="actions">
        <button className="button" onClick={() => void send('ready', { isReady: !isReady })}>
          {isReady ? 'Not ready' : 'Ready'}
        </button>
        {isHost && (
          <>
            <button
              className="button"
              onClick={() => void send('add-bot', { wpm: 60, errorRate: 0.03 })}
            >
              Add a bot
            </button>
            <button className="button primary" onClick={() => void send('start', {})}>
              Start
            </button>
          </>
        )}
      </div>
    </>
  );
}

function Track({ room, view }: RoomProps) {
  const [leftMs, setLeftMs] = useState(Infinity);
  const lanes = useRef<HTMLOListElement>(null);
  const { round } = view;
  const typing = room.ownTyping;

  useEffect(() => {
    if (!round) return undefined;
    announce('The race begins in three seconds.');
    const length = Math.max(
      1,
      room.ownTyping?.state.words.reduce((sum, word) => sum + word.length + 1, -1) ?? 1,
    );
    let frame = 0;
    const draw = () => {
      const seconds = Math.ceil((round.startAt - room.client.clock.now()) / 1_000);
      setLeftMs(Math.max(0, seconds));
      const now = performance.now();
      room.lanes.forEach((lane, index) => {
        const bar = lanes.current?.children[index]?.querySelector<HTMLElement>('.bar');
        if (bar) bar.style.transform = `scaleX(${Math.min(1, lane.at(now) / length)})`;
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [room, round]);

  if (!round) return null;
  const nameOf = (id: string) =>
    view.room?.players.find(({ playerId }) => playerId === id)?.name ?? 'left';
  return (
    <>
      {leftMs > 0 && (
        <p className="progress running" role="timer" data-testid="countdown">
          {Number.isFinite(leftMs) ? leftMs : ''}
        </p>
      )}
      {round.rounds > 1 && (
        <p>
          Wave {round.round} of {round.rounds}
        </p>
      )}
      <ol className="lanes" aria-label="Lanes" ref={lanes}>
        {round.roster.map((id) => (
          <li key={id}>
            <bdi>{nameOf(id)}</bdi>
            <span className="lane">
              <span className="bar" />
            </span>
            <span>
              {view.finished[id] !== undefined && `${(view.finished[id] / 1_000).toFixed(2)} s`}
            </span>
          </li>
        ))}
      </ol>
      {typing && !view.isRoundOver && (
        <TypingField
          words={typing.state.words}
          state={typing.state}
          label="Type the text"
          isDisabled={leftMs > 0}
          onKey={(key, at) => room.client.type(key, at) ?? typing.state}
        />
      )}
    </>
  );
}

function Standings({ room, view }: RoomProps) {
  const own = room.ownRounds.at(-1);
  const last = view.roundResults
    .at(-1)
    ?.standings.find(({ playerId }) => playerId === room.session.playerId);
  return (
    <>
      <table>
        <caption>Standings</caption>
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Name</th>
            <th scope="col">wpm</th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          {view.raceResult?.standings.map(({ playerId, name, rank, wpm, unranked }) => (
            <tr key={playerId}>
              <td>{rank ?? '–'}</td>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td>{wpm.toFixed(2)}</td>
              <td>{explainUnranked(unranked)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p role="status" data-testid="record">
        {recordSentence(Object.values(view.records))}
      </p>
      {own && own.keystrokes.length > 0 && <ResultView {...own} statistics={last} />}
      <div className="actions">
        <button className="button primary" onClick={() => void room.request('rematch', {})}>
          Rematch
        </button>
        <button className="button" onClick={() => room.showLobby()}>
          Back to the lobby
        </button>
      </div>
    </>
  );
}
