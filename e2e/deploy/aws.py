"""Calls AWS services: reads a list of calls as JSON from standard input, prints the list of their answers.

A call is {"service": "iam", "operation": "list_roles", "parameters": {}}: all pages of it are read. An HTTP request to an
API is {"method": "POST", "url": "...", "headers": {}, "body": "..." or null, "role": ARN of who signs it, or null}.
"""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from botocore.session import get_session

session = get_session()
clients = {}


def client_of(service):
    if service not in clients:
        clients[service] = session.create_client(service)
    return clients[service]


def credentials_of(role):
    temporary = client_of("sts").assume_role(RoleArn=role, RoleSessionName="e2e")["Credentials"]
    return Credentials(temporary["AccessKeyId"], temporary["SecretAccessKey"], temporary["SessionToken"])


def call_service(service, operation, parameters):
    client = client_of(service)
    if not client.can_paginate(operation):
        return getattr(client, operation)(**parameters)
    return client.get_paginator(operation).paginate(**parameters).build_full_result()


def call_api(method, url, headers, body, role):
    request = AWSRequest(method=method, url=url, headers=headers, data=body)
    if role:
        region = session.get_config_variable("region")
        SigV4Auth(credentials_of(role), "execute-api", region).add_auth(request)
    http = URLLib3Session(verify=session.get_config_variable("ca_bundle"), timeout=60)
    answer = http.send(request.prepare())
    return {
        "status": answer.status_code,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "body": answer.text,
    }


calls = json.load(sys.stdin)
answers = [call_api(**call) if "url" in call else call_service(**call) for call in calls]
json.dump(answers, sys.stdout, default=str)
