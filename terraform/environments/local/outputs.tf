output "stack" {
  description = "What the environment consists of: addresses, names and ARNs, as modules/stack/outputs.tf describes them."
  value = merge(module.stack, {
    # The engine answers below its own address, not at …amazonaws.com.
    api_url = "${var.endpoint_url}/restapis/${module.stack.api_id}/${module.stack.api_stage}/_user_request_"
  })
}
