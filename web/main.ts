/** The page's entry. */
import './elements/lab_app.ts';
