import { RoomTimer } from './room-timer';

describe('the timer of a room', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('wakes the room once, at the earliest time that was named', () => {
    const wake = jest.fn();
    const timer = new RoomTimer(wake);
    timer.wakeAt(1_500, 1_000);
    timer.wakeAt(1_200, 1_000);
    timer.wakeAt(1_900, 1_000);
    jest.advanceTimersByTime(199);
    expect(wake).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(10_000);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('can be set while it wakes the room, also for a time that has passed', () => {
    const times: number[] = [];
    const timer = new RoomTimer(() => {
      times.push(Date.now());
      if (times.length === 1) timer.wakeAt(0, 5);
    });
    jest.setSystemTime(0);
    timer.wakeAt(10, 0);
    jest.runAllTimers();
    expect(times).toHaveLength(2);
  });

  it('wakes nothing after it was stopped', () => {
    const wake = jest.fn();
    const timer = new RoomTimer(wake);
    timer.wakeAt(100, 0);
    timer.stop();
    jest.runAllTimers();
    expect(wake).not.toHaveBeenCalled();
  });
});
