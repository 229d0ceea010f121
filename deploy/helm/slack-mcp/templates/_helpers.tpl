{{- define "slack-mcp.fullname" -}}
{{- if contains "slack-mcp" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-slack-mcp" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "slack-mcp.selector" -}}
app.kubernetes.io/name: slack-mcp
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "slack-mcp.labels" -}}
{{ include "slack-mcp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "slack-mcp.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end -}}

{{- define "slack-mcp.podSettings" -}}
automountServiceAccountToken: false
terminationGracePeriodSeconds: {{ add .Values.shutdownTimeoutSeconds 15 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "slack-mcp.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "slack-mcp.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 2
  failureThreshold: 30
livenessProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  httpGet: { path: /readyz, port: {{ . }} }
  periodSeconds: 5
  timeoutSeconds: 3
{{- end -}}

{{- define "slack-mcp.envFrom" -}}
- configMapRef: { name: {{ include "slack-mcp.fullname" . }} }
- secretRef: { name: {{ .Values.existingSecret }} }
{{- end -}}
