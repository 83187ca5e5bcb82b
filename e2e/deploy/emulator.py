"""Runs MiniStack, and lets it find the functions whose answers stream.

Its API Gateway knows the address of a function under which it answers as a whole, and no other. It ignores the transfer mode, so
the function is called by that address: it answers, but nothing streams.
"""

from ministack.app import main
from ministack.services import apigateway_v1

function_in = apigateway_v1._extract_lambda_ref_from_integration_uri


def function_in_any(uri):
    return function_in(uri and uri.replace("/response-streaming-invocations", "/invocations"))


apigateway_v1._extract_lambda_ref_from_integration_uri = function_in_any
main()
