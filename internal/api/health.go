package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"warder/internal/module"
)

const checkTimeout = 5 * time.Second

// Readiness answers /readyz: 200 when every module that can tell says that it
// works, otherwise 503 with what is wrong in each.
func Readiness(modules []module.Module) RootRoute {
	return RootRoute{Path: "/readyz", Permission: module.Public, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		status, wrong := http.StatusOK, map[string]string{}
		for _, m := range modules {
			c, ok := m.(module.Checker)
			if !ok {
				continue
			}
			if err := c.Check(ctx); err != nil {
				status, wrong[m.Manifest().Name] = http.StatusServiceUnavailable, err.Error()
			}
		}
		answer(w, status, map[string]any{"ready": status == http.StatusOK, "wrong": wrong})
	})}
}

// Liveness answers /healthz: the process runs and answers.
func Liveness(version string) RootRoute {
	return RootRoute{Path: "/healthz", Permission: module.Public, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"alive": true, "version": version})
	})}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone away; there is nobody to tell
}
