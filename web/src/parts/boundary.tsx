// What fails in one page takes down that page, and not the navigation around it.
import { Component, type ComponentChildren } from "preact";
import { Button, Heading, Notice } from "./basics";

interface Props {
  /** The address: another one is another try. */
  at: string;
  children: ComponentChildren;
}

interface State {
  failedAt: string | undefined;
}

export class Boundary extends Component<Props, State> {
  override state: State = { failedAt: undefined };

  override componentDidCatch(error: unknown) {
    console.error(error);
    this.setState({ failedAt: this.props.at });
  }

  override render() {
    if (this.state.failedAt !== this.props.at) return this.props.children;
    return (
      <>
        <Heading>This page failed</Heading>
        <Notice kind="danger" action={<Button onClick={() => location.reload()}>Reload</Button>}>
          Something went wrong in this page, not on the server. Reload it, and try again.
        </Notice>
      </>
    );
  }
}
