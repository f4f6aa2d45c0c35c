output "web_url" {
  description = "The web app's address."
  value       = "https://${var.web_domain == null ? aws_cloudfront_distribution.web.domain_name : var.web_domain.name}"
}

output "web_distribution_arns" {
  description = "The distribution of the web app."
  value       = [aws_cloudfront_distribution.web.arn]
}

output "variants_distribution_arns" {
  description = "The distribution of the variants, or none."
  value       = aws_cloudfront_distribution.variants[*].arn
}

output "web_distribution" {
  description = "For the DNS record of one's own name, and for invalidations after a release of the app."
  value = {
    id          = aws_cloudfront_distribution.web.id
    domain_name = aws_cloudfront_distribution.web.domain_name
  }
}
