import { Alarm } from './alarm';

jest.useFakeTimers();

describe('an alarm', () => {
  const asleep = (alarm: Alarm, ms: number) => {
    const done = jest.fn();
    void alarm.sleep(ms).then(done);
    return done;
  };

  it('sleeps for the time', async () => {
    const done = asleep(new Alarm(), 100);
    await jest.advanceTimersByTimeAsync(99);
    expect(done).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalled();
  });

  it('ends a sleep early, and leaves no timer', async () => {
    const alarm = new Alarm();
    const done = asleep(alarm, 100);
    alarm.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect(done).toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends the next sleep if nothing sleeps, and only that one', async () => {
    const alarm = new Alarm();
    alarm.wake();
    await alarm.sleep(100);
    const done = asleep(alarm, 100);
    await jest.advanceTimersByTimeAsync(99);
    expect(done).not.toHaveBeenCalled();
  });
});
