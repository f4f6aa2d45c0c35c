"""The environment: its API's address, the names of its parts, and clients of the services that an operator looks at."""
from darkroom.console import Failure
from darkroom.deploy.root import Root
from darkroom.smoke.web import Web


class Target:
    def __init__(self, root: Root):
        self.root, self.name, self.local = root, root.name, root.local
        self.facts = root.outputs()
        if not self.facts.get("functions"):
            raise Failure(f"{root.name} was not applied yet", hint="make up" if root.local else
                          f"make apply ENV={root.name}, make deploy-lambdas ENV={root.name}")
        self.api_url = self.facts["api_url"].rstrip("/")
        self.prefix = f"darkroom-{root.name}"
        self.functions: dict[str, str] = self.facts["functions"]
        self.mailbox_url = root.stack.mailbox_url if root.local else None
        self.web = Web(local=root.local)
        self._clients: dict = {}

    def client(self, service: str):
        if service not in self._clients:
            self._clients[service] = self.root.client(service)
        return self._clients[service]

    def function(self, name: str) -> dict:
        """The settings of the live version."""
        return self.client("lambda").get_function_configuration(FunctionName=self.functions[name], Qualifier="live")

    def execution_arn(self, name: str) -> str:
        return f"{self.facts['state_machine_arn'].replace(':stateMachine:', ':execution:')}:{name}"
