import { type Digest } from '../digest';
import { type OciLayout } from '../layout';

/** An image in a layout, which may be sparse. */
export interface ImageSource {
  readonly layout: OciLayout;
  /** Of a manifest or an index that the layout names. */
  readonly digest: Digest;
}
