import { createContext } from 'preact';
import { type Brand, GATEHOUSE } from '../branding/brand.js';

/** Whose the page is that is rendered. */
export const BrandContext = createContext<Brand>(GATEHOUSE);
