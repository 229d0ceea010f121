export { CreateError } from './create-error.ts';
export { type CreatedProject, createProject, type ProjectOptions } from './create-project.ts';
