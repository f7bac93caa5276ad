// A link to a file of the server's. It is fetched by the page: by the browser itself a refusal
// would be saved as if it were the file, or shown in the page's place.
import type { ComponentChildren } from "preact";
import { fetchFile } from "../api/client";
import { sentenceOf } from "../api/errors";
import { useAction } from "../hooks/action";
import { saveFile } from "./save_file";

export function Download(props: {
  path: string;
  /** Under which it is saved. */
  name: string;
  /** For screen readers, where the text alone says too little. */
  label?: string;
  children: ComponentChildren;
}) {
  const { path, name } = props;
  const fetching = useAction(async () => saveFile(await fetchFile(path), name));
  return (
    <span class="download">
      <a
        href={path}
        download={name}
        aria-label={props.label}
        aria-busy={fetching.busy ? "true" : undefined}
        onClick={(event) => {
          event.preventDefault();
          void fetching.run();
        }}
      >
        {props.children}
      </a>
      {fetching.error !== undefined && (
        <span class="problem" role="alert">
          {sentenceOf(fetching.error)}
        </span>
      )}
    </span>
  );
}
