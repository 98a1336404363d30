/** The page's policy forbids eval: without this zod would try it, and the browser would report that. Import it first. */
import { config } from 'zod';

config({ jitless: true });
