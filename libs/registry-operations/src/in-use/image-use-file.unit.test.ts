import { parseImageUses } from './image-use-file';

describe('a file of images in use', () => {
  it('lists images and who uses them', () => {
    const uses = [{ image: 'host/api:v1', user: 'the cluster in Berlin' }];
    expect(parseImageUses(JSON.stringify(uses), 'uses.json')).toEqual(uses);
  });

  it.each([
    '',
    '{}',
    'null',
    '["host/api:v1"]',
    '[{"image": "host/api:v1"}]',
    '[{"image": 1, "user": "x"}]',
  ])('is rejected as a whole, with the valid form, if it is %s', (text) => {
    expect(() => parseImageUses(text, 'uses.json')).toThrow(
      expect.objectContaining({
        code: 'IMAGE_USES_INVALID',
        message: expect.stringMatching(/uses\.json.*\nNothing was checked\.\nFix: write \[\{/),
      }),
    );
  });
});
