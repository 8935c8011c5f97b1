//go:build tools

// Package cli pins the Pulumi CLI, so that `go build` can make it from verified modules.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
