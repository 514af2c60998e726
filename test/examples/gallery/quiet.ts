import { vi } from 'vitest';

// Examples print when they are imported; import this one before them.
vi.spyOn(console, 'log').mockImplementation(() => undefined);
