import fc from 'fast-check';
import { subnetRanges } from './new-vpc';

const asNumber = (address: string) =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

describe('subnetRanges', () => {
  it('divides a VPC into quarters', () => {
    expect(subnetRanges('10.20.0.0/16', 4)).toEqual([
      '10.20.0.0/18',
      '10.20.64.0/18',
      '10.20.128.0/18',
      '10.20.192.0/18',
    ]);
  });

  it('gives ranges that are within the VPC, aligned and disjoint', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.tuple(octet, octet, octet, octet),
        fc.integer({ min: 16, max: 24 }),
        (of, bits) => {
          const size = 2 ** (32 - bits);
          const start = asNumber(of.join('.')) - (asNumber(of.join('.')) % size);
          const ranges = subnetRanges(`${of.join('.')}/${bits}`, 4).map((range) => {
            const [address = '', length] = range.split('/');
            expect(Number(length)).toBe(bits + 2);
            return asNumber(address);
          });
          expect(ranges).toEqual([0, 1, 2, 3].map((nth) => start + (nth * size) / 4));
        },
      ),
    );
  });
});
